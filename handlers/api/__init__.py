"""The API: `/v1`, `/openapi.json`, `/docs`."""
