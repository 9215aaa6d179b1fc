"""Study: weightings beside fixed weights, over several seeds, and what it says."""
