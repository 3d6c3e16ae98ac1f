"""WeCom (企业微信): self-built apps, groups that an app made, group robots, the AI bot."""
