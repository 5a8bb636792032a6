"""The pages that readers see. Speaks HTTP through :mod:`ui.client`."""
