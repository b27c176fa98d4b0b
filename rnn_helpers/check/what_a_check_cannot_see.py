"""The exercise of notebook 08: a walk back to mend."""

from rnn_helpers import plain, rnn
from rnn_helpers.check.backprop_through_time import ALL_STEPS_AT_ONCE, RNN_BACKWARD
from rnn_helpers.check.engine.exercise import Exercise, Package

# fmt: off

MENDED_WALK = Exercise(
    plain.rnn_backward, called="mended_walk",
    task="what `rnn_backward` does, after the faults of notebook 08 were mended.", arguments=RNN_BACKWARD.arguments,
    result=RNN_BACKWARD.result, cases=RNN_BACKWARD.cases, returns=RNN_BACKWARD.returns, notebook="08",
    section="Two faults at once", backwards=RNN_BACKWARD.backwards,
    mistakes=RNN_BACKWARD.mistakes, forms=RNN_BACKWARD.forms,
    package=Package((rnn.rnn_backward,), ALL_STEPS_AT_ONCE, keeps_float32=True),
)

ALL = (MENDED_WALK,)
