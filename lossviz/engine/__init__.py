"""Engine: how it is computed. The only place that knows torch and scikit-learn."""
