# u is missing
def count_vowels(text):
    return sum(letter in "aeio" for letter in text.lower())
