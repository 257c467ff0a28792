"""Data model, rules and permissions, registration of uploads, publishing."""
