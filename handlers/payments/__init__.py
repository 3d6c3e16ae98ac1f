"""Payment institutions and shops: their signed events come in here. One file per institution."""
