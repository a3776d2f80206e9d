// Tests that use the fixtures get the generator with them.
@_exported public import SeededRandom
