"""Compositions: training and benchmark photos made of cut-out people, with exact alphas."""
