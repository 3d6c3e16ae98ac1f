"""The demo's stage: a chat as three people beside what every channel would have received."""
