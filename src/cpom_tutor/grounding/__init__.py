"""Does the evidence support the claim?"""
