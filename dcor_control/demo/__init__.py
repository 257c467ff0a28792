"""The demonstration: a measurement goes in through DCOR-Aid and comes out through dclab."""
