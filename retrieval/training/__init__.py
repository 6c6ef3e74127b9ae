"""What is learnt from official files alone, each by one repeatable command."""
