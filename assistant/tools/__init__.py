"""What a rule means with the user's own numbers: calculators, deadlines, entitlements. Everything by rule, each line with its facts."""
