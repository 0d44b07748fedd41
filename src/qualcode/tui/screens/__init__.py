"""Whole screens: what they show comes from the sitting, what keys do is in `keys`."""
