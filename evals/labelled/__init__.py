"""Panels whose turns carry labels: scored without a judge after every change, and kept by the gate."""
