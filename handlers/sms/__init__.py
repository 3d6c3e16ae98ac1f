"""Text messages: Apprise's services, or Tencent Cloud with its templates."""
