"""The local profile: an instance with its own services in one folder, on 127.0.0.1."""
