# SPDX-License-Identifier: Apache-2.0
"""The river, once from end to end, with real processes: for tools/demo and for the tests of the whole."""
