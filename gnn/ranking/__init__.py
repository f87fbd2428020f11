"""Methods that rank, judged alike: what they may know, what they are asked, and how high they put the truth."""
