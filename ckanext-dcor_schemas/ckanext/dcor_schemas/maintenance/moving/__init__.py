"""Moving a dataset, with its objects, to another circle.

The phases are *plan*, *copy*, *verify*, *switch* and *cleanup*. Each may be repeated: whatever
interrupts a move, the same command continues it. What has to be remembered is one row of the table
``dcor_move``: before the switch the dataset is in the old circle and its new objects are copies,
afterwards it is in the new circle and its old objects are leftovers.
"""
