"""What still prevents the activation of a draft, in words, before anybody tries.

``report`` says it from facts alone, ``gather`` collects the facts.
"""
