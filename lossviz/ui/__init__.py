"""What the pages share: everything that knows Streamlit."""
