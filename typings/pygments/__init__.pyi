# What we use of Pygments.
