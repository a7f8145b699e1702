"""Identity from outside: what providers of single sign-on say of people, taken only where it can be proved."""
