"""Dashboards of Grafana, written in Python: `deploy/grafana/*.json` is what comes out."""
