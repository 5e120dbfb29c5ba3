"""`main.py bench`: the budgets of one till, measured on this machine beside a comparison."""
