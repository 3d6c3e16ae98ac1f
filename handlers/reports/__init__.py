"""Service anomaly reports behind signed links."""
