"""Renderers: from values to text."""
