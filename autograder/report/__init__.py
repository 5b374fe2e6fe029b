"""What people read: feedback pages for students, statistics for instructors."""
