"""Tests of the screens around the till: sign-in, set-up, members, payment, receipt."""
