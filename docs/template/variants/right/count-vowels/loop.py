def count_vowels(text):
    found = 0
    for letter in text:
        if letter in "aeiouAEIOU":
            found += 1
    return found
