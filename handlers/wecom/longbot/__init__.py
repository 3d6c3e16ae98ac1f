"""WeCom's AI bot over its long connection: our own client, the one process that holds it, what people say to it, what it says."""
