"""Availability in the database: what a search reads, and what staff edit."""
