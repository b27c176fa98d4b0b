"""JAX on the CPU: value_and_grad over lax.scan, compiled, with everything already where it computes."""

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from benchmarks.contenders import Contender
from benchmarks.problem import Problem
from rnn_helpers import RNNParams

jax.config.update("jax_enable_x64", True)  # allows float64; float32 stays float32


def scan(problem: Problem) -> Contender:
    params, x, targets = jax.device_put((problem.params, problem.x, problem.targets))
    value_and_grad = jax.jit(jax.value_and_grad(loss))
    compiled = value_and_grad.lower(params, x, targets).compile()
    return Contender("JAX", lambda: jax.block_until_ready(compiled(params, x, targets)), read)


def loss(params: RNNParams, x: Array, targets: Array) -> Array:
    def step(h_prev: Array, z_t: Array) -> tuple[Array, Array]:
        h_t = jnp.tanh(z_t + h_prev @ params.W_hh)
        return h_t, h_t

    h0 = jnp.zeros((x.shape[1], len(params.b_h)), x.dtype)
    _, h = jax.lax.scan(step, h0, x @ params.W_xh + params.b_h)
    log_y = jax.nn.log_softmax(h @ params.W_hy + params.b_y)
    return -jnp.take_along_axis(log_y, targets[..., None], axis=-1).mean()


def read(result: object) -> tuple[float, RNNParams]:
    value, grads = result
    return float(value), RNNParams(*map(np.asarray, grads))
