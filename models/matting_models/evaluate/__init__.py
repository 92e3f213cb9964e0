"""Evaluation: matte metrics, predictions over folders, hold-out tables and report pages."""
