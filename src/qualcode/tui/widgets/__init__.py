"""Regions of the screen: transcript, bars, code panel, memo panel."""
