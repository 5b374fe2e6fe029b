"""count_vowels."""

from hypothesis import given
from hypothesis import strategies as st

from autograder.checks import hint, same, task, weight


@task("count-vowels", points=2)
class TestCountVowels:
    @weight(2)
    @hint("Go through the text letter by letter.")
    @given(text=st.text("abcdeiou xyz", min_size=3, max_size=30))
    def test_lower_case(self, student, reference, text):
        """Vowels of texts in small letters"""
        same(student.count_vowels(text), reference.count_vowels(text))

    @hint("A capital A is a vowel too.")
    @given(text=st.text("AEIOUabcXYZ", min_size=6, max_size=30))
    def test_either_case(self, student, reference, text):
        """Capital letters count as well"""
        same(student.count_vowels(text), reference.count_vowels(text))
