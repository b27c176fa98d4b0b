"""Where each mistake is explained: often in an earlier notebook than the one in which it is made."""

from collections.abc import Mapping

from rnn_helpers.check.exercise import Exercise, Mistake, Section

IN_PLACE = Section("07", "Six suspects")  # on views, and on what the caller finds afterwards
STALE = Section("07", "A notebook's own disease")  # on functions that depend on more than their arguments

_NAMES: Mapping[Section, str] = {
    Section("01", "Why subtract the row's maximum"): "no_maximum mean_for_maximum minimum_for_maximum",
    Section("01", "The maximum of which numbers?"): """
        whole_array_max article_softmax columns maximum_of_columns one_row_for_all softmax_over_time softmax_over_batch
        """,
    Section("02", "Many units at once"): """
        no_bias no_recurrence no_input not_weighted W_hh_transposed bias_twice bias_after_tanh no_tanh tanh_twice
        """,
    Section("02", "The output"): """
        output_from_h_prev output_from_z output_bias_after_softmax no_output_bias no_softmax
        """,
    Section("02", "The same cell in other letters"): "article_layout bias_column",
    Section("03", "What h0 is for"): "initial_state_ignored",
    Section("04", "From scores, not from probabilities"): """
        log_of_zero epsilon_in_log softmax_twice bits sum_not_mean loss_summed ignored_in_mean ignored_counted
        ignored_as_class_0 ignored_as_last_class
        """,
    Section("04", "The gradient with respect to the scores"): """
        gradients_not_averaged gradients_ignored_in_mean ignored_not_zero
        """,
    Section("04", "Back through the output layer"): """
        output_bias_not_summed output_bias_mean output_weights_transposed output_last_step_only output_slope_too_early
        output_h_prev output_gradients_missing
        """,
    Section("05", "Why the upstream gradient multiplies"): "upstream_forgotten upstream_in_h_prev_only",
    Section("05", "With arrays: through tanh"): """
        squashed_again not_squared squared_difference no_slope slope_of_h_prev
        """,
    Section("05", "Through the products"): """
        h_t_for_h_prev bias_from_dh bias_not_summed bias_kept_axis W_hh_not_transposed dW_hh_transposed dx_is_dz
        """,
    Section("05", "A wrong step that passes a test"): "article_backward no_dx",
    Section("06", "Two roads from a state to the loss"): """
        dropped_carry misplaced_carry squashed_and_dropped subtracted averaged_roads output_forgotten no_brackets
        carry_skips_slope carry_starts_at_dh carry_accumulates carry_not_multiplied
        """,
    Section("06", "The same with arrays"): """
        wrap_around states_one_early forward_order first_step_missing last_step_missing reversed_dx
        """,
    Section("06", "Why the sum over time"): "assigned_not_added last_step_only bias_over_batch_only averaged_over_time",
    Section("06", "What dx and dh0 are good for"): "dh0_zero dh0_is_dz dh0_not_transposed",
}
_WHERE = {name: section for section, names in _NAMES.items() for name in names.split()}


def see(section: Section, exercise: Exercise) -> str:
    """Send the learner to a section; of one that comes after the exercise, say only that it comes."""
    if section.notebook <= exercise.notebook:
        return f"See {section}"
    return f'Notebook {section.notebook} comes back to it, under "{section.heading}"'


def with_section(mistake: Mistake, exercise: Exercise) -> Mistake:
    """Add where the mistake is explained; a section that comes after the exercise does not count."""
    section = _WHERE.get(mistake.name)
    if mistake.section or section is None or section.notebook > exercise.notebook:
        return mistake
    return mistake._replace(section=section)
