"""Charts as pictures, for chats that draw none themselves. `drawing` loads fonts: only who draws imports it."""
