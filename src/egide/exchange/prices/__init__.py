"""Prices as tenderers write them: free amounts, and the published frame with its lines."""
