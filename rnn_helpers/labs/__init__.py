"""What one notebook alone needs, imported by name, as in `from rnn_helpers.labs import suspects`.

`two_steps_ago`, a task that needs memory, is that of notebook 06. `gradmap`, a gradient check for each step, and
`suspects`, walks back that are wrong, are those of 07 and 08; `guess`, many more faults whose place is to be named, is
that of 07, and `layouts`, which reads a backward pass that was written elsewhere, that of 08. `paint`, networks that
read a colour's name and answer with the colour, is that of 13. `flow`, how large a gradient is so many steps back, and
`cliff`, the loss of one unit from above, are those of 14. `memory`, how far back a network remembers, and
`recall_sweep`, its sweep, which is a command too, are those of 15. `carousel`, how large a gradient is on the lane of
an LSTM's cell states, is that of 16a. `ladder`, one training step in nine ways, and `rtrl`, a gradient that is carried
forward, are those of 17.
"""
