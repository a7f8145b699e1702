"""Who did what, when, from where and on whose behalf: grants, sign-ins, refusals, exports, use of tokens."""
