"""What one notebook alone needs, imported by name, as in `from rnn_helpers.labs import suspects`.

`gradmap`, a gradient check for each step, `suspects`, walks back that are wrong, `guess`, many more whose place is
to be named, and `layouts`, which reads a backward pass that was written elsewhere, are those of notebooks 07 and 08.
`paint`, networks that read a colour's name and answer with the colour, is that of notebook 13.
"""
