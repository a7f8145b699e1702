"""What dashboards show: which facts are added up, what is made of them, and how time is cut into days of a place."""
