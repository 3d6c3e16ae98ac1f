"""Other systems at the network's edge, as real as tests need them."""
