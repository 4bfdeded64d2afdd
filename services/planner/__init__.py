"""The planner decides who is told what and when, freezes batches, keeps the ledger and the clock."""
