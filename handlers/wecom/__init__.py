"""WeCom (企业微信): self-built apps, groups that an app made, group robots, the AI bot.

A person is `MERCHANT/userid` in identities and targets alike, userid in lower case, MERCHANT the owner of the app (`-`: the operator's).
What stands in a button's key is `keys.py`'s, in both directions; what a press brings, too.
"""
