"""ERPs: how a ticket stands, told to the system in which its merchant works its orders."""
