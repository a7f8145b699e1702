"""What each reviewer made of the work they judged, and how they compare where two judged the same."""
