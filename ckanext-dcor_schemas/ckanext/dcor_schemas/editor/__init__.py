"""The draft editor: pages in which a dataset is described, filled and published.

The pages know nothing but the rules that the API does not tell (``facts``); everything else is
done by the script in ``frontend/``, through the same API that every client uses.
"""
